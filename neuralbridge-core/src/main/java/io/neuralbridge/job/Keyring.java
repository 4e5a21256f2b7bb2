package io.neuralbridge.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys that encrypt the arguments of job types {@linkplain JobType#withEncryptedArgs with
 * encrypted args}: AES in GCM, a fresh nonce a job. New jobs are encrypted with the current key;
 * jobs of any key on the ring are opened.
 *
 * <p>To rotate, deploy the new key everywhere as an {@linkplain #withOther other} one, then make it
 * the current one, and take the old one off when no job of it is left that may run or be retried.
 * Rotate before a key has encrypted 2<sup>32</sup> jobs.
 *
 * <p>Encrypted are the arguments alone, not kind, queue, tags, meta, key, results, progress or log.
 * Immutable; safe for use by many threads.
 */
public final class Keyring {

  /** No keys: nothing can be encrypted, and nothing opened. */
  public static final Keyring EMPTY = new Keyring("", Map.of(), null);

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String MAC = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final Set<Integer> AES_BYTES = Set.of(16, 24, 32);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String current;
  private final Map<String, SecretKey> keys;
  private final @Nullable SecretKey uniqueKey;

  private Keyring(String current, Map<String, SecretKey> keys, @Nullable SecretKey uniqueKey) {
    this.current = current;
    this.keys = Collections.unmodifiableMap(new TreeMap<>(keys));
    this.uniqueKey = uniqueKey;
  }

  /**
   * A ring with the current key.
   *
   * @param id stored with each job; 1 to 100 letters, digits and {@code _ . : -}, such as {@code
   *     "2026-03"}
   * @param key for AES; of 16, 24 or 32 bytes if it tells
   */
  public static Keyring of(String id, SecretKey key) {
    return new Keyring(id, Map.of(requireId(id), requireAes(id, key)), null);
  }

  /** The same with the bytes of an AES key: 16, 24 or 32. */
  public static Keyring of(String id, byte[] key) {
    return of(id, new SecretKeySpec(key, "AES"));
  }

  /** This ring with one key more that opens what other nodes or times have encrypted. */
  public Keyring withOther(String id, SecretKey key) {
    if (keys.containsKey(requireId(id))) {
      throw new IllegalArgumentException(
          "key '%s' is on the ring already, beside %s: give each key its own id"
              .formatted(id, keys.keySet()));
    }
    Map<String, SecretKey> more = new TreeMap<>(keys);
    more.put(id, requireAes(id, key));
    return new Keyring(current, more, uniqueKey);
  }

  /** The same with the bytes of an AES key: 16, 24 or 32. */
  public Keyring withOther(String id, byte[] key) {
    return withOther(id, new SecretKeySpec(key, "AES"));
  }

  /**
   * This ring with a key that hides which arguments make a job {@linkplain Unique unique}: without
   * one, the stored hash would let anybody guess them, so that encrypted jobs cannot be unique by
   * their args. It is never rotated, or jobs from before and after do not know each other.
   *
   * @param key for HMAC, at least 16 bytes if it tells
   */
  public Keyring withUniqueKey(SecretKey key) {
    byte[] bytes = key.getEncoded();
    if (bytes != null && bytes.length < 16) {
      throw new IllegalArgumentException(
          "the key for unique jobs must have 16 bytes or more: " + bytes.length);
    }
    return new Keyring(current, keys, key);
  }

  /** The same with the bytes of the key, 16 or more. */
  public Keyring withUniqueKey(byte[] key) {
    return withUniqueKey(new SecretKeySpec(key, MAC));
  }

  private static String requireId(String id) {
    return Names.require("key", id);
  }

  private static SecretKey requireAes(String id, SecretKey key) {
    byte[] bytes = key.getEncoded();
    if (bytes != null && !AES_BYTES.contains(bytes.length)) {
      throw new IllegalArgumentException(
          "key '%s' must have 16, 24 or 32 bytes, to be used for AES: %d"
              .formatted(id, bytes.length));
    }
    return key;
  }

  public boolean isEmpty() {
    return keys.isEmpty();
  }

  boolean hasUniqueKey() {
    return uniqueKey != null;
  }

  /** Encrypts arguments of a kind; they open for this kind alone. */
  String seal(String kind, String json) {
    SecretKey key = keys.get(current);
    if (key == null) {
      throw new IllegalStateException(
          "the args of '%s' jobs are to be encrypted, and there is no key: add .encryption(Keyring.of(…)) to the builder, and enqueue through what it builds"
              .formatted(kind));
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, kind, current);
      byte[] encrypted = cipher.doFinal(json.getBytes(StandardCharsets.UTF_8));
      byte[] data =
          ByteBuffer.allocate(nonce.length + encrypted.length).put(nonce).put(encrypted).array();
      return new SealedArgs(current, data).toJson();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "key '%s' does not encrypt the args of a '%s' job".formatted(current, kind), e);
    }
  }

  /**
   * Decrypts what {@link #seal} made.
   *
   * @throws SealedArgsException if no key, or another one, is here under the id
   */
  String open(String kind, String json) {
    SealedArgs sealed = SealedArgs.parse(kind, json);
    SecretKey key = keys.get(sealed.keyId());
    if (key == null) {
      throw new SealedArgsException(
          SealedArgsException.MISSING_KEY,
          "the args of a '%s' job are encrypted with key '%s', and this node has %s: deploy the key, or cancel the job"
              .formatted(kind, sealed.keyId(), keys.isEmpty() ? "no keys" : keys.keySet()));
    }
    byte[] data = sealed.data();
    try {
      if (data.length < NONCE_BYTES + TAG_BYTES) {
        throw new GeneralSecurityException("only %d bytes are left".formatted(data.length));
      }
      byte[] nonce = Arrays.copyOf(data, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, kind, sealed.keyId());
      byte[] open = cipher.doFinal(data, NONCE_BYTES, data.length - NONCE_BYTES);
      return new String(open, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new SealedArgsException(
          SealedArgsException.WRONG_KEY,
          "the args of a '%s' job do not open with key '%s': it is another key than the one of this id that encrypted them, or they were changed in the store"
              .formatted(kind, sealed.keyId()),
          e);
    }
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String kind, String keyId)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD("%s\n%s".formatted(kind, keyId).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** A hash that nobody can guess without the key for unique jobs. */
  byte[] hash(byte[] text) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(uniqueKey);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the key for unique jobs does not fit " + MAC, e);
    }
  }

  /** The ids, never the keys. */
  @Override
  public String toString() {
    return "Keyring[current=%s, ids=%s]".formatted(current, keys.keySet());
  }
}
