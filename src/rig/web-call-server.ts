// What Web Call Server listens on, by its vendor's documentation.

/**
 * TCP: RTSP, RTMP, WebSocket, HTTP with REST and statistics, HLS, secure WebSocket, the web interface, secure HLS. The pages
 * compute the WebSocket's address from their own, so that none of these can be another one.
 */
export const standardPorts: readonly number[] = [554, 1935, 8080, 8081, 8082, 8443, 8444, 8445];
