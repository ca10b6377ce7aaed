package dev.forno.linux.terminals;

/** A terminal's size in characters. */
public record WindowSize(int rows, int columns) {}
