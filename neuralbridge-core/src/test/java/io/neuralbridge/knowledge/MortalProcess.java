package io.neuralbridge.knowledge;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A process that dies at the n-th step that it takes through what it watches, before or after the
 * step takes effect. What it does later changes nothing, for it is dead.
 */
final class MortalProcess {

  /** What lives on has seen nothing of it. */
  static final class Death extends RuntimeException {
    Death(String step) {
      super("died at " + step);
    }
  }

  private static final Set<String> STEPS =
      Set.of(
          "buildingOrNew",
          "begin",
          "embed",
          "upsert",
          "markEmbedded",
          "giveUpVanished",
          "delete",
          "removeVanished",
          "markDocumentEmbedded",
          "activate",
          "saveWalk",
          "forgetSome",
          "drop",
          "forget");

  private final int dieAt;
  private final boolean afterwards;
  private int steps;
  private boolean dead;

  private MortalProcess(int dieAt, boolean afterwards) {
    this.dieAt = dieAt;
    this.afterwards = afterwards;
  }

  static MortalProcess dyingAt(int step, boolean afterwards) {
    return new MortalProcess(step, afterwards);
  }

  static MortalProcess thatLives() {
    return new MortalProcess(0, false);
  }

  int steps() {
    return steps;
  }

  /** The same, as this process sees it. */
  <T> T watch(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> step(method, target, args)));
  }

  private Object step(Method method, Object target, Object[] args) throws Throwable {
    boolean here = !dead && STEPS.contains(method.getName()) && ++steps == dieAt;
    if (dead || (here && !afterwards)) {
      dead = true;
      throw new Death(method.getName());
    }
    Object result = invoke(method, target, args);
    if (here) {
      dead = true;
      throw new Death(method.getName());
    }
    return watched(result);
  }

  private static Object invoke(Method method, Object target, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object watched(Object result) {
    if (result instanceof EmbeddingLedger ledger) {
      return watch(EmbeddingLedger.class, ledger);
    }
    return result instanceof GenerationStore generations
        ? watch(GenerationStore.class, generations)
        : result;
  }
}
