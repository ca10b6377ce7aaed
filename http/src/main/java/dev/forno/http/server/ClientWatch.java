package dev.forno.http.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that the client closed its connection while a handler is busy with something else, and interrupts the handler.
 * It reads from the connection, so it may begin only after the request's body ended and must end before the response
 * does. Bytes that arrive meanwhile would be a second request sent without waiting for the first answer; no client of
 * this server does so, and the connection is closed after the response in that case.
 */
final class ClientWatch implements Callback {
    private final EndPoint endPoint;
    private final Thread handler;
    private boolean requested;
    private boolean bodyEnded;
    private boolean watching;
    private boolean ended;
    private boolean early;
    private volatile boolean gone;

    ClientWatch(EndPoint endPoint, Thread handler) {
        this.endPoint = endPoint;
        this.handler = handler;
    }

    boolean gone() {
        return gone;
    }

    synchronized void request(boolean noBodyLeft) {
        requested = true;
        bodyEnded |= noBodyLeft;
        begin();
    }

    synchronized void bodyEnded() {
        bodyEnded = true;
        begin();
    }

    /** Stops watching; afterwards the handler's thread is not interrupted any more. */
    void end() {
        synchronized (this) {
            ended = true;
            if (!watching) {
                return;
            }
        }
        if (endPoint instanceof AbstractEndPoint open) {
            open.getFillInterest().onFail(new CancellationException("the response is complete"));
        }
        synchronized (this) {
            if (early) {
                endPoint.shutdownOutput();
            }
        }
    }

    private void begin() {
        if (requested && bodyEnded && !watching && !ended) {
            watching = endPoint.tryFillInterested(this);
        }
    }

    @Override
    public synchronized void succeeded() {
        if (ended) {
            return;
        }
        try {
            ByteBuffer probe = BufferUtil.allocate(1);
            int filled = endPoint.fill(probe);
            if (filled == 0) {
                watching = endPoint.tryFillInterested(this);
            } else if (filled > 0) {
                early = true;
            } else {
                interrupt();
            }
        } catch (IOException e) {
            interrupt();
        }
    }

    @Override
    public synchronized void failed(Throwable failure) {
        if (!ended) {
            interrupt();
        }
    }

    private void interrupt() {
        gone = true;
        handler.interrupt();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
