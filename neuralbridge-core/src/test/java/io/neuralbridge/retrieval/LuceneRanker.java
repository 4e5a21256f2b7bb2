package io.neuralbridge.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.util.QueryBuilder;

/** Lucene's BM25 with its default parameters: any word of the question may match. */
final class LuceneRanker implements Ranker {
  private final Analyzer analyzer;
  private final IndexSearcher searcher;

  LuceneRanker(Analyzer analyzer, List<Passage> passages) throws IOException {
    this.analyzer = analyzer;
    ByteBuffersDirectory directory = new ByteBuffersDirectory();
    try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer))) {
      for (Passage passage : passages) {
        Document document = new Document();
        document.add(new StoredField("page", passage.page()));
        document.add(new TextField("text", passage.text(), Field.Store.NO));
        writer.addDocument(document);
      }
    }
    searcher = new IndexSearcher(DirectoryReader.open(directory));
  }

  @Override
  public List<String> rank(String question, int k) {
    Query query = new QueryBuilder(analyzer).createBooleanQuery("text", question);
    if (query == null) {
      return List.of();
    }
    try {
      List<String> pages = new ArrayList<>();
      for (ScoreDoc hit : searcher.search(query, k).scoreDocs) {
        pages.add(searcher.storedFields().document(hit.doc).get("page"));
      }
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
