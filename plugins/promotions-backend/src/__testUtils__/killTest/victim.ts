// A process that begins a promotion and is killed: node victim.ts <scene as JSON> <promotion>
// <point>. The point is a label of the engine's way, or `after <milliseconds>`.
import { KillScene, sceneSchema } from './KillScene';

async function main(): Promise<void> {
  const [sceneText = '', id = '', point = ''] = process.argv.slice(2);
  const scene = sceneSchema.parse(JSON.parse(sceneText));
  const kill = () => process.kill(process.pid, 'SIGKILL');
  const after = /^after (\d+)$/.exec(point);
  const victim = await KillScene.open(scene, async label => {
    if (label === point) {
      kill();
      await new Promise(() => {});
    }
  });
  if (after) {
    setTimeout(kill, Number(after[1]));
  }
  let about = id;
  for (;;) {
    await victim.advance(about);
    const promotion = await victim.promotion(about);
    // What the pipeline brings back is a promotion of its own.
    if (promotion?.supersededBy !== undefined) {
      about = promotion.supersededBy;
    } else if (promotion?.endedAt !== undefined) {
      // Nobody killed it: whoever started it sees that by the exit code.
      process.exit(0);
    }
  }
}

main().catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
