package io.neuralbridge.spring.adapter;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.VectorStore;

/**
 * {@code VectorStore.upsert(List<EmbeddedDocument>)}, which Spring AI has from 2.1 on and not every
 * store of it: found by reflection, since NeuralBridge is built with 2.0.
 */
final class ReadyUpsert {

  private final MethodHandle upsert;
  private final MethodHandle embedded;

  private ReadyUpsert(MethodHandle upsert, MethodHandle embedded) {
    this.upsert = upsert;
    this.embedded = embedded;
  }

  /** Null if the store has no such method, or only the interface's, which throws. */
  static @Nullable ReadyUpsert of(VectorStore store) {
    try {
      Method method = store.getClass().getMethod("upsert", List.class);
      Type list = method.getGenericParameterTypes()[0];
      boolean own = method.getDeclaringClass() != VectorStore.class;
      if (!own
          || !(list instanceof ParameterizedType typed)
          || !(typed.getActualTypeArguments()[0] instanceof Class<?> element)) {
        return null;
      }
      Constructor<?> constructor = element.getConstructor(Document.class, float[].class);
      boolean open = method.trySetAccessible() && constructor.trySetAccessible();
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      return open
          ? new ReadyUpsert(lookup.unreflect(method), lookup.unreflectConstructor(constructor))
          : null;
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  /** {@code false} if the store says that it cannot; then nothing is stored. */
  boolean store(VectorStore store, Map<Document, float[]> vectors) {
    try {
      List<Object> entries = new ArrayList<>(vectors.size());
      for (Map.Entry<Document, float[]> each : vectors.entrySet()) {
        entries.add(embedded.invoke(each.getKey(), each.getValue()));
      }
      upsert.invoke(store, entries);
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("upsert failed: " + e, e);
    }
  }
}
