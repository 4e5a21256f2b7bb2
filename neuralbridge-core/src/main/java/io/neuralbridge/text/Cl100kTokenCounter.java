package io.neuralbridge.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/** {@link TokenCounter#cl100k()}. */
enum Cl100kTokenCounter implements TokenCounter {
  INSTANCE;

  @Override
  public int count(CharSequence text) {
    // The encoder asserts that its input has a UTF-8 form.
    String clean = CleanText.of(text.toString()).text();
    return clean.isEmpty() ? 0 : Vocabulary.ENCODING.countTokensOrdinary(clean);
  }

  /** A holder, so that only those who count pay for the vocabulary. */
  private static final class Vocabulary {
    static final Encoding ENCODING =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  }
}
