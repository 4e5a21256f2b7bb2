/** Measures how well the built-in model finds real documentation, beside Lucene's BM25. */
package io.neuralbridge.retrieval;
