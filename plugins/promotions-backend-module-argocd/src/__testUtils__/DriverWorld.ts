import { ArgoCdStandIn } from './ArgoCdStandIn';
import { ArgoCdWorld } from './ArgoCdWorld';

/** A component of the tenant `aurora`, bound to a project of the stand-in. */
export class DriverWorld extends ArgoCdWorld {
  static async start(): Promise<DriverWorld> {
    return new DriverWorld(await ArgoCdStandIn.start());
  }

  private constructor(readonly argo: ArgoCdStandIn) {
    super({ url: argo.url, token: argo.token, project: 'aurora' });
  }

  /** @throws Error when something was asked that the vendor does not describe */
  async stop(): Promise<void> {
    await this.argo.stop();
    if (this.argo.faults.length > 0) {
      throw new Error(this.argo.faults.join('; '));
    }
  }

  /** Requests that change something. */
  get posts(): string[] {
    return this.argo.requests.filter(request => request.startsWith('POST'));
  }
}
