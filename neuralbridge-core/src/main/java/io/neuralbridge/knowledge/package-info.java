/** Documents to searchable chunks: chunking, ingestion, the embed job and search. */
@NullMarked
package io.neuralbridge.knowledge;

import org.jspecify.annotations.NullMarked;
