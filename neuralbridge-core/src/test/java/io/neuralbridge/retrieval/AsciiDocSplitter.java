package io.neuralbridge.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts one AsciiDoc page into passages along its headings. */
final class AsciiDocSplitter {
  private static final int MIN_WORDS = 100;
  private static final int MAX_WORDS = 300;
  private static final Pattern HEADING = Pattern.compile("=+ .+");
  private static final Pattern NOISE =
      Pattern.compile(
          ":[\\w-]+:.*|//.*|\\[.*]|(include|image|ifdef|endif|ifeval)::.*"
              + "|[-.=*_+|`]{3,}|\\*Since Camel.*|\\*\\{.*}\\*");
  private static final Pattern GENERATED = Pattern.compile("// .* options: (START|END)");

  private final String page;
  private final List<Passage> passages = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private String title = "";
  private String heading = "";
  private int words;

  private AsciiDocSplitter(String page) {
    this.page = page;
  }

  static List<Passage> split(String page, List<String> lines) {
    AsciiDocSplitter splitter = new AsciiDocSplitter(page);
    boolean generated = false;
    for (String line : lines) {
      // The option tables are generated and repeat the same rows on hundreds of pages.
      if (GENERATED.matcher(line.strip()).matches()) {
        generated = line.strip().endsWith("START");
      } else if (!generated) {
        splitter.line(line.strip());
      }
    }
    splitter.flush();
    return splitter.passages;
  }

  private void line(String line) {
    if (HEADING.matcher(line).matches()) {
      heading(line.replaceFirst("=+ ", ""));
    } else if (!NOISE.matcher(line).matches() && !line.isEmpty()) {
      body(line);
    }
  }

  private void heading(String name) {
    if (words >= MIN_WORDS) {
      flush();
    }
    if (title.isEmpty()) {
      title = name;
    } else if (words == 0) {
      heading = name;
    } else {
      text.append(name).append('\n');
    }
  }

  private void body(String line) {
    int more = line.split("\\s+").length;
    if (words > 0 && words + more > MAX_WORDS) {
      flush();
    }
    text.append(line).append('\n');
    words += more;
  }

  private void flush() {
    if (words > 0) {
      String id = page + "#" + passages.size();
      passages.add(new Passage(id, page, title + "\n" + heading + "\n" + text));
    }
    text.setLength(0);
    words = 0;
    heading = "";
  }
}
