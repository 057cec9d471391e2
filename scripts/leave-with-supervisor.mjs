// Loaded first in every serving process (node --import): its standard input is a pipe from the supervisor. When that closes, the supervisor
// is gone (also by kill -9) and this process leaves too: orderly if it can, within 4 s in any case.
import { isMainThread } from 'node:worker_threads';

// Threads inherit --import, but their standard input is nobody's pipe.
if (isMainThread) {
  process.stdin.once('close', leave);
  process.stdin.once('error', leave);
  process.stdin.resume();
  process.stdin.unref?.();
}

let leaving = false;
function leave() {
  if (leaving) return;
  leaving = true;
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), 4000).unref();
}
