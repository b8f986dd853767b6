import { type ApplicationAddress, type Refusal } from '../client/ArgoCdClient';

/** Why an application cannot be read, in a sentence. */
export function refusalReason(
  { name, project, system }: ApplicationAddress,
  { status, message }: Pick<Refusal, 'status' | 'message'>,
): string {
  switch (status) {
    case 401:
      return `Argo CD ${system.name} does not accept the credential; set a new one on the page of the bindings`;
    case 403:
    case 404:
      return `Argo CD ${system.name} has no application ${name} in the project ${project}, or the credential may not see it`;
    default:
      return `Argo CD ${system.name} refuses to tell of ${name}: ${message}`;
  }
}
