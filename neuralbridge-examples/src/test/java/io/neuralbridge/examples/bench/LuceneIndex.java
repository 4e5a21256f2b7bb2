package io.neuralbridge.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

/** Lucene, its index in memory and merged to one segment. A wider search is one for more hits. */
final class LuceneIndex implements HnswBenchmark.Index {
  private static final String VECTOR = "vector";
  private static final String ID = "id";

  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  LuceneIndex(List<float[]> vectors) throws IOException {
    Directory directory = new ByteBuffersDirectory();
    IndexWriterConfig config = new IndexWriterConfig();
    config.setCodec(
        new Lucene912Codec() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return new Lucene99HnswVectorsFormat(
                HnswBenchmark.CONNECTIONS, HnswBenchmark.BUILD_WIDTH);
          }
        });
    config.setRAMBufferSizeMB(1024);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < vectors.size(); i++) {
        Document document = new Document();
        document.add(
            new KnnFloatVectorField(VECTOR, vectors.get(i), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(ID, i));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    reader = DirectoryReader.open(directory);
    searcher = new IndexSearcher(reader);
  }

  @Override
  public String name() {
    return "Lucene";
  }

  @Override
  public Set<Integer> search(float[] query, int width) {
    try {
      int hits = Math.max(HnswBenchmark.K, width);
      ScoreDoc[] found =
          searcher.search(new KnnFloatVectorQuery(VECTOR, query, hits), HnswBenchmark.K).scoreDocs;
      StoredFields fields = searcher.storedFields();
      Set<Integer> ids = new HashSet<>();
      for (ScoreDoc doc : found) {
        ids.add(fields.document(doc.doc).getField(ID).numericValue().intValue());
      }
      return ids;
    } catch (IOException e) {
      throw new UncheckedIOException("a search failed", e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException("an index could not be closed", e);
    }
  }
}
