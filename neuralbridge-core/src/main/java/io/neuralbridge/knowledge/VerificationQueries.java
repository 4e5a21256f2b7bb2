package io.neuralbridge.knowledge;

import java.util.List;

/** Where a verification gets queries from, such as the application's own log. This is an SPI. */
@FunctionalInterface
public interface VerificationQueries {

  /** No log: a sample of the chunks' own texts is asked for instead. */
  VerificationQueries NONE = most -> List.of();

  /** Some queries. */
  List<VerificationQuery> queries(int most);
}
