package io.neuralbridge.examples;

import java.io.Console;

/** Whether a person sits at the other end. */
final class Terminal {

  private Terminal() {}

  /** Both input and output are a terminal's. */
  @SuppressWarnings("SystemConsoleNull") // asked for below
  static boolean isInteractive() {
    Console console = System.console();
    return console != null && isTerminal(console);
  }

  // From Java 22 on there is a console even where there is no terminal, and a method to ask it.
  private static boolean isTerminal(Console console) {
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
