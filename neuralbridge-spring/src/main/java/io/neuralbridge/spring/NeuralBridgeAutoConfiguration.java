package io.neuralbridge.spring;

import io.neuralbridge.Builder;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.event.JobListener;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.TraceContext;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.InMemoryKnowledgeStore;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.KnowledgeStore;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorStore;
import io.neuralbridge.worker.Extension;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.Worker;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * A {@link NeuralBridge} from the context's beans: every {@link Worker}, {@link Extension}, {@link
 * JobListener} and {@link JobInterceptor} takes part, in their order, the single {@link DataSource}
 * keeps the jobs, and without one they are in memory. Every bean here gives way to one of the
 * application's own.
 *
 * <p>A worker that enqueues injects {@code ObjectProvider<JobClient>}: the bridge is made from the
 * workers, not before them.
 */
@AutoConfiguration(
    afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@EnableConfigurationProperties(NeuralBridgeProperties.class)
public class NeuralBridgeAutoConfiguration {

  private static final Logger log = LoggerFactory.getLogger(NeuralBridgeAutoConfiguration.class);

  @Bean(destroyMethod = "close")
  @ConditionalOnSingleCandidate(DataSource.class)
  @ConditionalOnMissingBean
  JdbcBackend neuralBridgeJdbcBackend(DataSource dataSource) {
    return JdbcBackend.of(dataSource);
  }

  @Bean
  @ConditionalOnMissingBean
  Queue neuralBridgeQueue(ObjectProvider<JdbcBackend> backend) {
    return Optional.ofNullable(backend.getIfAvailable())
        .map(JdbcBackend::queue)
        .orElseGet(NeuralBridgeAutoConfiguration::queueInMemory);
  }

  private static Queue queueInMemory() {
    log.warn("There is no single DataSource: jobs are kept in memory and end with this process");
    return new InMemoryQueue();
  }

  @Bean
  @ConditionalOnMissingBean
  KnowledgeStore neuralBridgeKnowledgeStore(ObjectProvider<JdbcBackend> backend) {
    return Optional.ofNullable(backend.getIfAvailable())
        .map(JdbcBackend::knowledge)
        .orElseGet(InMemoryKnowledgeStore::new);
  }

  @Bean
  @ConditionalOnMissingBean
  VectorStore neuralBridgeVectorStore(ObjectProvider<JdbcBackend> backend) {
    return Optional.ofNullable(backend.getIfAvailable())
        .map(JdbcBackend::vectors)
        .orElseGet(ExactVectorStore::new);
  }

  @Bean
  @ConditionalOnMissingBean
  EmbeddingModel neuralBridgeEmbeddingModel() {
    return LocalEmbeddingModel.create();
  }

  @Bean
  @ConditionalOnMissingBean
  KnowledgeBase neuralBridgeKnowledgeBase(
      KnowledgeStore store, EmbeddingModel model, VectorStore vectors) {
    return new KnowledgeBase(store, model, vectors);
  }

  @Bean
  @ConditionalOnMissingBean
  EmbedJob neuralBridgeEmbedJob(KnowledgeBase knowledge) {
    return new EmbedJob(knowledge);
  }

  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  NeuralBridge neuralBridge(
      Queue queue,
      NeuralBridgeProperties properties,
      ObjectProvider<Worker<?>> workers,
      ObjectProvider<Extension> extensions,
      ObjectProvider<JobListener> listeners,
      ObjectProvider<JobInterceptor> interceptors,
      ObjectProvider<TraceContext.Source> traceSource,
      ObjectProvider<Keyring> keyring,
      ObjectProvider<JdbcBackend> backend,
      ObjectProvider<Recurring> recurring) {
    Builder builder = NeuralBridge.builder().store(queue);
    backend.ifAvailable(jdbc -> scheduleIn(jdbc, queue, builder));
    recurring.orderedStream().forEach(builder::recurring);
    apply(properties, builder);
    workers.orderedStream().forEach(builder::worker);
    extensions.orderedStream().forEach(builder::install);
    listeners.orderedStream().forEach(builder::listener);
    interceptors.orderedStream().forEach(builder::interceptor);
    traceSource.ifUnique(builder::traceSource);
    keyring.ifUnique(builder::encryption);
    return builder.build();
  }

  @Bean
  @ConditionalOnMissingBean
  NeuralBridgeLifecycle neuralBridgeLifecycle(
      NeuralBridge bridge, NeuralBridgeProperties properties) {
    return new NeuralBridgeLifecycle(bridge, properties.enabled());
  }

  // Recurring jobs go into the store of the jobs; a host that brings another queue has its own.
  private static void scheduleIn(JdbcBackend jdbc, Queue queue, Builder builder) {
    if (jdbc.queue() == queue) {
      builder.scheduler(jdbc.scheduler());
    }
  }

  private static void apply(NeuralBridgeProperties properties, Builder builder) {
    properties.queues().forEach(builder::queue);
    Optional.ofNullable(properties.nodeName()).ifPresent(builder::nodeName);
    Optional.ofNullable(properties.pollInterval()).ifPresent(builder::pollInterval);
    Optional.ofNullable(properties.shutdownGrace()).ifPresent(builder::shutdownGrace);
    Optional.ofNullable(properties.retention()).ifPresent(builder::retention);
  }
}
