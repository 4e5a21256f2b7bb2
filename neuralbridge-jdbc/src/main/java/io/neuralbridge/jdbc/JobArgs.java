package io.neuralbridge.jdbc;

import io.neuralbridge.job.NewJob;
import org.jspecify.annotations.Nullable;

/**
 * Where a job's args stand: small ones in the live row, which a claim writes anew, large ones
 * beside it, where nothing rewrites them.
 */
final class JobArgs {

  private static final int MAX_INLINE = 1_000;

  private JobArgs() {}

  static @Nullable String inline(NewJob job) {
    return inline(job.spec().args());
  }

  static @Nullable String inline(String args) {
    return isLarge(args) ? null : SqlText.clean(args);
  }

  static boolean isLarge(NewJob job) {
    return isLarge(job.spec().args());
  }

  static boolean isLarge(String args) {
    return args.length() > MAX_INLINE;
  }
}
