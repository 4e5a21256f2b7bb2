package io.neuralbridge.text;

import static io.neuralbridge.text.MarkdownSyntax.headingLevel;
import static io.neuralbridge.text.MarkdownSyntax.headingTitle;
import static io.neuralbridge.text.MarkdownSyntax.isIndentedCode;
import static io.neuralbridge.text.MarkdownSyntax.isListItem;
import static io.neuralbridge.text.MarkdownSyntax.isQuote;
import static io.neuralbridge.text.MarkdownSyntax.isRule;
import static io.neuralbridge.text.MarkdownSyntax.isTableDelimiter;
import static io.neuralbridge.text.MarkdownSyntax.isTableRow;
import static io.neuralbridge.text.MarkdownSyntax.underlineLevel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Markdown as a machine that reads a line and looks at the next one. Knows the blocks that matter
 * for cutting; an underlined heading must be a paragraph of one line.
 */
final class MarkdownParser implements StreamingChunker.Parser {

  /** The block that the next line may go on with. */
  private enum Open {
    NONE,
    PARAGRAPH,
    QUOTE,
    LIST,
    CODE
  }

  private final LineSource lines;
  private final Assembler out;
  private Open open = Open.NONE;
  private @Nullable Line before;

  MarkdownParser(LineSource lines, Assembler out) {
    this.lines = lines;
    this.out = out;
  }

  @Override
  public void parse() throws IOException {
    FrontMatter.copy(lines, out);
    Line line;
    while ((line = lines.next()) != null) {
      parse(line);
      before = line;
    }
  }

  private void parse(Line line) throws IOException {
    if (line.continued()) {
      continueLine(line);
    } else if (!heading(line) && !underlined(line) && !fenced(line) && !table(line)) {
      if (isRule(line)) {
        open = Open.NONE;
      } else {
        text(line);
      }
    }
  }

  private void continueLine(Line line) {
    if (open == Open.CODE) {
      out.verbatim(line, Cut.LINE);
    } else {
      out.prose(line, Cut.LINE);
    }
  }

  private boolean heading(Line line) {
    int level = headingLevel(line);
    if (level == 0) {
      return false;
    }
    out.heading(level, headingTitle(line));
    open = Open.NONE;
    return true;
  }

  private boolean underlined(Line line) throws IOException {
    int level = underlineLevel(lines.peek());
    boolean startsParagraph = open == Open.NONE || line.afterGap();
    if (level == 0 || !startsParagraph || isIndentedCode(line) || isListItem(line)) {
      return false;
    }
    if (isQuote(line) || isRule(line) || Fence.opening(line) != null) {
      return false;
    }
    lines.next();
    out.heading(level, line.text().strip());
    open = Open.NONE;
    return true;
  }

  private boolean fenced(Line line) throws IOException {
    Fence fence = Fence.opening(line);
    if (fence == null || (open != Open.LIST && isIndentedCode(line))) {
      return false;
    }
    new FencedBlock(lines, out).copy(line, fence);
    open = open == Open.LIST ? Open.LIST : Open.NONE;
    return true;
  }

  private boolean table(Line line) throws IOException {
    if (!isTableRow(line) || isIndentedCode(line) || !isTableDelimiter(lines.peek())) {
      return false;
    }
    new TableBlock(lines, out).copy(line);
    open = Open.NONE;
    return true;
  }

  private void text(Line line) {
    Open kind = kindOf(line);
    boolean starts = kind != open || (line.afterGap() && kind != Open.LIST);
    if (starts) {
      out.block(false);
    }
    open = kind;
    if (kind == Open.CODE) {
      out.verbatim(line, starts ? Cut.BLOCK : Cut.LINE);
    } else {
      out.prose(line, starts ? Cut.BLOCK : cutInside(line));
    }
  }

  private Open kindOf(Line line) {
    boolean lazy = !line.afterGap() && before != null;
    if (open == Open.LIST && (lazy || line.indent() >= 2 || isListItem(line))) {
      return Open.LIST;
    }
    if (isIndentedCode(line) && (open == Open.NONE || open == Open.CODE || line.afterGap())) {
      return Open.CODE;
    }
    if (isListItem(line)) {
      return Open.LIST;
    }
    return isQuote(line) ? Open.QUOTE : Open.PARAGRAPH;
  }

  private Cut cutInside(Line line) {
    if (isListItem(line)) {
      return line.indent() < 2 ? Cut.ITEM : Cut.LINE;
    }
    return before == null || line.afterGap() ? Cut.LINE : SoftWraps.cutBetween(before, line);
  }
}
