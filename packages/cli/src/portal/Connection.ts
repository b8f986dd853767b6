import { type Me, meSchema } from '@portico/plugin-tenancy-common';
import { type Command } from 'commander';
import { z } from 'zod';
import { CredentialsFile } from '../credentials/CredentialsFile';
import { Output } from '../output/Output';
import { UsageError } from '../output/UsageError';
import { apiPath, PortalClient } from './PortalClient';
import { PortalError } from './PortalError';
import { readPortalUrl } from './portalUrl';
import { exchangeMachineToken } from './signIn';

export const DEFAULT_URL = 'http://localhost:7007';

const optionsSchema = z.object({
  url: z.string().optional(),
  token: z.string().optional(),
  output: z.enum(['table', 'json']),
  timeout: z.string(),
  insecureHttp: z.boolean(),
});

/** The portal that a command talks to, as whom, and how it prints. */
export class Connection {
  /** From the global options, the environment and the credentials file. */
  static async create(command: Command): Promise<Connection> {
    const options = optionsSchema.parse(command.optsWithGlobals());
    const timeoutSeconds = Number(options.timeout);
    if (!(timeoutSeconds > 0 && timeoutSeconds <= 600)) {
      throw new UsageError(
        `--timeout is ${options.timeout}, expected 1 to 600 seconds`,
      );
    }
    const credentials = CredentialsFile.fromEnvironment(process.env);
    const url = readPortalUrl(
      options.url ?? (await credentials.read()).url ?? DEFAULT_URL,
      { insecureHttp: options.insecureHttp },
    );
    return new Connection(
      new PortalClient({ url, timeoutSeconds }),
      credentials,
      new Output(options.output),
      options.token,
    );
  }

  private constructor(
    /** Calls that need no sign-in. */
    readonly anonymous: PortalClient,
    readonly credentials: CredentialsFile,
    readonly output: Output,
    /** From `--token` or `PORTICO_TOKEN`; it wins over a login. */
    readonly machineToken: string | undefined,
  ) {}

  /**
   * A client as the machine of the given token, or as whoever logged in.
   *
   * @throws PortalError when nobody did, or the token is not accepted
   */
  async signedIn(): Promise<PortalClient> {
    if (this.machineToken !== undefined) {
      const session = await exchangeMachineToken(
        this.anonymous,
        this.machineToken,
      );
      return this.anonymous.as(session.token);
    }
    const { url } = this.anonymous;
    const { sessions } = await this.credentials.read();
    const session = sessions[url];
    if (!session) {
      throw new PortalError(
        `You are not signed in at ${url}: run portico login, or set PORTICO_TOKEN`,
      );
    }
    if (session.expiresAt <= Date.now() / 1000) {
      throw new PortalError(
        `Your sign-in at ${url} has expired: run portico login`,
      );
    }
    return this.anonymous.as(session.token);
  }

  /** The tenant named by `--tenant`, else the active one of the caller. */
  async tenant(
    client: PortalClient,
    option: string | undefined,
  ): Promise<string> {
    return option ?? (await whoami(client)).tenant.id;
  }
}

/** Who the caller is. */
export async function whoami(client: PortalClient): Promise<Me> {
  return client.call(apiPath`/me`, meSchema);
}
