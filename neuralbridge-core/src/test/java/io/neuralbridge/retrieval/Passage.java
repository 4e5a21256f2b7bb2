package io.neuralbridge.retrieval;

/**
 * A piece of a documentation page.
 *
 * @param id unique in the corpus
 * @param page the page's file name without its extension
 * @param text the page's title, the section's heading and 100 to 300 words under it
 */
record Passage(String id, String page, String text) {}
