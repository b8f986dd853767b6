// Loaded into the backend before anything else (`node --require`), for two things
// that only the process itself can do:
// 1. it ends when the launcher is gone, so that a killed start leaves nothing behind;
// 2. right before it listens on the portal's port, the progress page leaves it.
const { Server } = require('node:net');

if (process.send) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), 10_000).unref();
  });

  const port = Number(process.env.PORTICO_PORT);
  const { listen } = Server.prototype;
  Server.prototype.listen = function listenAfterRelease(...args) {
    const wanted = typeof args[0] === 'object' ? args[0]?.port : args[0];
    if (Number(wanted) !== port) return listen.apply(this, args);
    Server.prototype.listen = listen;
    const onMessage = message => {
      if (message?.type !== 'released') return;
      process.off('message', onMessage);
      listen.apply(this, args);
    };
    process.on('message', onMessage);
    process.send({ type: 'release' });
    return this;
  };
}
