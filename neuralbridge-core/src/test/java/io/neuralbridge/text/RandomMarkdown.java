package io.neuralbridge.text;

import java.util.Random;

/** Writes Markdown by the throw of a seeded die: every construct, in every disorder. */
final class RandomMarkdown {

  private static final String[] ODDITIES = {
    "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
    "e\u0301",
    "\uD83C\uDDE9\uD83C\uDDEA",
    "日本語",
    "<|endoftext|>",
    "a|b",
    "`x`",
    "#",
    ">",
    "-",
    "1.",
    "---",
    "```",
    "\u00A0",
    "=="
  };
  private static final String[] LINE_ENDS = {"\n", "\n", "\n", "\r\n", "\r", "\f"};

  private final Random random;
  private final StringBuilder text = new StringBuilder();
  private int words;

  private RandomMarkdown(long seed) {
    random = new Random(seed);
  }

  static String of(long seed) {
    RandomMarkdown markdown = new RandomMarkdown(seed);
    int blocks = 1 + markdown.random.nextInt(25);
    for (int i = 0; i < blocks; i++) {
      markdown.block();
    }
    return markdown.text.toString();
  }

  private void block() {
    switch (random.nextInt(9)) {
      case 0 -> line("#".repeat(1 + random.nextInt(7)) + " ", random.nextInt(6));
      case 1 -> {
        line("", 3);
        text.append(random.nextBoolean() ? "===\n" : "---\n");
      }
      case 2 -> fenced();
      case 3 -> table();
      case 4 -> lines("> ", 4);
      case 5 -> lines(random.nextBoolean() ? "- " : "  7. ", 6);
      case 6 -> lines("    ", 5);
      case 7 -> line("", 300);
      default -> lines("", 6);
    }
    text.append(random.nextInt(3) == 0 ? "" : "\n");
  }

  private void fenced() {
    String fence = random.nextBoolean() ? "```" : "~~~~";
    line(fence, 1);
    lines(" ".repeat(random.nextInt(6)), 12);
    text.append(random.nextInt(4) == 0 ? "" : fence + "\n");
  }

  private void table() {
    text.append("| ").append(word()).append(" | ").append(word()).append(" |\n|---|:--|\n");
    int rows = random.nextInt(10);
    for (int i = 0; i < rows; i++) {
      text.append("| ").append(word()).append(" | ").append(word()).append(" |\n");
    }
  }

  private void lines(String prefix, int most) {
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      line(prefix, 1 + random.nextInt(20));
    }
  }

  private void line(String prefix, int count) {
    text.append(prefix);
    for (int i = 0; i < count; i++) {
      text.append(word()).append(random.nextInt(9) == 0 ? ". " : " \t".substring(0, 1));
    }
    text.append(LINE_ENDS[random.nextInt(LINE_ENDS.length)]);
  }

  /** Mostly a word that occurs nowhere else, so that a loss cannot hide. */
  private String word() {
    if (random.nextInt(12) == 0) {
      return ODDITIES[random.nextInt(ODDITIES.length)];
    }
    return "w" + words++ + "x".repeat(random.nextInt(40) == 0 ? 60 : 0);
  }
}
