package dev.forno.dockerapi.models;

import io.avaje.jsonb.Json;

/** The body of every error. */
@Json
public record ErrorBody(String message) {}
