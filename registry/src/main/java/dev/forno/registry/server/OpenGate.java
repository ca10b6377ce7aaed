package dev.forno.registry.server;

import dev.forno.http.server.Request;
import dev.forno.registry.accounts.Right;

/** Lets everyone do everything. */
final class OpenGate implements Gate {
    private static final Caller ANYONE = new Caller() {
        @Override
        public boolean may(Right right, String repository) {
            return true;
        }

        @Override
        public void require(Right right, String repository) {
            // granted
        }

        @Override
        public void requireKnown() {
            // nobody is known, and nobody has to be
        }
    };

    @Override
    public Caller caller(Request request) {
        return ANYONE;
    }
}
