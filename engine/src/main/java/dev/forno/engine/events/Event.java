package dev.forno.engine.events;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param type {@code container}, {@code image}, {@code volume}, {@code network}, {@code builder} or {@code daemon}
 * @param action as {@code start}, {@code die}, {@code exec_create: sh}
 * @param actorId the object's id or name
 * @param attributes labels and what belongs to the action ({@code name}, {@code image}, {@code exitCode} …)
 */
public record Event(String type, String action, String actorId, Map<String, String> attributes, Instant time) {}
