package io.neuralbridge.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;

/** A deadlock, a lost update and a lock's timeout, as databases tell of them. */
final class Conflicts {

  static final List<SQLException> OF_POSTGRES =
      Stream.of("40P01", "40001", "55P03").map(state -> new SQLException("lost", state)).toList();

  static final List<SQLException> OF_H2 =
      IntStream.of(ErrorCode.DEADLOCK_1, ErrorCode.CONCURRENT_UPDATE_1, ErrorCode.LOCK_TIMEOUT_1)
          .mapToObj(code -> new SQLException("lost", ErrorCode.getState(code), code))
          .toList();

  private Conflicts() {}
}
