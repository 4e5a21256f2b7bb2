package io.neuralbridge.job;

import java.util.regex.Pattern;

/** The one rule for names that are stored: kinds, queues and tags. */
public final class Names {

  static final int MAX_LENGTH = 100;

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:-]*");

  private Names() {}

  /**
   * Returns {@code name} if it may be stored: 1 to 100 letters, digits and {@code _ . : -}, a
   * letter or digit first.
   *
   * @param what what it names, for the message
   * @throws IllegalArgumentException if not
   */
  public static String require(String what, String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || !VALID.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s '%s' is not a valid name: use 1 to %d letters, digits and _ . : - and start with a letter or digit"
              .formatted(what, abbreviate(name), MAX_LENGTH));
    }
    return name;
  }

  private static String abbreviate(String name) {
    return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
  }
}
