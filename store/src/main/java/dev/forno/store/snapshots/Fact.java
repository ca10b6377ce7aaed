package dev.forno.store.snapshots;

/** Something that users may want to know, as a name and a value, both as they see it. */
public record Fact(String name, String value) {}
