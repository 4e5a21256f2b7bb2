package io.neuralbridge.embedding;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Makes the resource that {@link WordRarity} reads: counts in how many windows of 200 words each
 * word occurs, over every text file and English manual page below the given folders.
 *
 * <p>Arguments: the file to write, then folders.
 */
final class WordFrequencyTool {
  private static final int WINDOW = 200;
  private static final int MAX_WINDOWS_A_FILE = 40;
  private static final int VOCABULARY = 6_000;
  private static final Pattern TEXT =
      Pattern.compile(".*\\.(\\d\\w*|txt|md|rst|html?|text)(\\.gz)?|README.*");
  private static final Pattern SKIPPED =
      Pattern.compile("(?i).*(copyright|changelog|changes|licen[cs]e|/man/[a-z]{2}[^/]*/).*");
  private static final Pattern MARKUP =
      Pattern.compile(
          "^[.'][A-Za-z]+|\\\\f[A-Z]|\\\\\\(..|\\\\\\[\\w+]|\\\\[&|~^%-]|<[^>]*>|&\\w+;");
  private static final Pattern WORD = Pattern.compile("[a-z]{1,24}");

  private final Map<String, Integer> windowsWith = new HashMap<>();
  private final Set<Integer> seen = new HashSet<>();
  private final List<String> window = new ArrayList<>();
  private int windows;
  private int windowsOfFile;

  public static void main(String[] args) throws IOException {
    WordFrequencyTool tool = new WordFrequencyTool();
    for (String folder : List.of(args).subList(1, args.length)) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.sorted().filter(Files::isRegularFile).toList()) {
          tool.file(file);
        }
      }
    }
    try (PrintStream out = new PrintStream(args[0], StandardCharsets.UTF_8)) {
      tool.write(out);
    }
  }

  private void file(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!TEXT.matcher(name).matches() || SKIPPED.matcher(file.toString()).matches()) {
      return;
    }
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith(".\\\"")) {
          Words.forEach(MARKUP.matcher(line).replaceAll(" "), this::word);
        }
      }
    }
    window.clear();
    windowsOfFile = 0;
  }

  private void word(String word) {
    window.add(word);
    if (window.size() < WINDOW) {
      return;
    }
    Set<String> distinct = new HashSet<>(window);
    window.clear();
    // Licences and generated pages repeat; each text counts once.
    if (windowsOfFile++ < MAX_WINDOWS_A_FILE && seen.add(distinct.hashCode())) {
      windows++;
      distinct.stream()
          .filter(w -> WORD.matcher(w).matches())
          .forEach(w -> windowsWith.merge(w, 1, Integer::sum));
    }
  }

  /** One line a rarity: its number, then the words. */
  private void write(PrintStream out) {
    Map<Integer, List<String>> byRarity = new TreeMap<>();
    windowsWith.entrySet().stream()
        .sorted((a, b) -> b.getValue() - a.getValue())
        .limit(VOCABULARY)
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                byRarity
                    .computeIfAbsent(rarity(entry.getValue()), r -> new ArrayList<>())
                    .add(entry.getKey()));
    System.out.println(windows + " windows, " + windowsWith.size() + " words");
    byRarity.forEach((rarity, words) -> out.print(rarity + " " + String.join(" ", words) + "\n"));
  }

  /** Ten times ln(windows / windows with the word). */
  private int rarity(int with) {
    return (int) Math.round(10 * Math.log((double) windows / with));
  }
}
