package io.neuralbridge.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToIntFunction;

/** Deals free slots out to keys: the next one always to the key that runs least. */
final class Deal {

  private record Hand(String key, int turn, int load, int left) {

    private static final Comparator<Hand> ORDER =
        Comparator.comparing(Hand::load).thenComparing(Hand::turn);

    Hand withOneMore() {
      return new Hand(key, turn, load + 1, left - 1);
    }
  }

  private Deal() {}

  /**
   * The key of each slot, in the order in which they are dealt.
   *
   * @param keysInTurn among keys that run the same the earlier one goes first
   * @param running how many slots a key has already
   * @param most how many it may get
   */
  static List<String> slots(
      int slots,
      Iterable<String> keysInTurn,
      ToIntFunction<String> running,
      ToIntFunction<String> most) {
    PriorityQueue<Hand> hands = new PriorityQueue<>(Hand.ORDER);
    int turn = 0;
    for (String key : keysInTurn) {
      hands.add(new Hand(key, turn++, running.applyAsInt(key), most.applyAsInt(key)));
    }
    List<String> dealt = new ArrayList<>();
    while (dealt.size() < slots && !hands.isEmpty()) {
      Hand hand = hands.remove();
      if (hand.left() > 0) {
        dealt.add(hand.key());
        hands.add(hand.withOneMore());
      }
    }
    return dealt;
  }
}
