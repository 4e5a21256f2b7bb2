package io.neuralbridge.text;

import java.io.IOException;
import java.io.Reader;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Lines to blocks by a {@link Parser}, blocks to passages by a {@link Packer}. */
record StreamingChunker(Measure measure, BiFunction<LineSource, Assembler, Parser> syntax)
    implements Chunker {

  /** Tells an {@link Assembler} what the lines of a text mean. */
  interface Parser {
    void parse() throws IOException;
  }

  @Override
  public void split(Reader text, Consumer<Passage> sink) throws IOException {
    Assembler assembler = new Assembler(measure, new Packer(measure, sink));
    syntax.apply(new LineSource(text), assembler).parse();
    assembler.finish();
  }
}
