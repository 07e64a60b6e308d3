/** The name under which pages ask the browser to wake the service worker for what is unsent. */
export const FLUSH_TAG = 'tideline-flush'
