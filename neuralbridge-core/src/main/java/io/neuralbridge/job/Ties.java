package io.neuralbridge.job;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ties a new job to others. Default: nothing. The package {@code io.neuralbridge.flow} makes
 * them.
 *
 * @param needs the jobs that must have completed before it runs
 * @param chain its place in a chain, or null
 * @param membership its place in a flow, or null
 */
public record Ties(List<Need> needs, @Nullable ChainSlot chain, @Nullable Membership membership) {

  public static final Ties NONE = new Ties(List.of(), null, null);

  public Ties {
    needs = List.copyOf(needs);
    boolean callback = membership != null && membership.callback() != null;
    if (callback && (chain != null || !needs.isEmpty())) {
      throw new IllegalArgumentException(
          "a callback waits for its batch and for nothing else: leave out what it comes after and its chain");
    }
  }

  /** These, with more needs. */
  public Ties withNeeds(List<Need> more) {
    List<Need> all = new ArrayList<>(needs);
    all.addAll(more);
    return new Ties(all, chain, membership);
  }

  public Ties withChain(@Nullable ChainSlot chain) {
    return new Ties(needs, chain, membership);
  }

  public Ties withMembership(@Nullable Membership membership) {
    return new Ties(needs, chain, membership);
  }
}
