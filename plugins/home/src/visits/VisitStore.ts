import { parseEntityRef } from '@backstage/catalog-model';
import { z } from 'zod';
import { tenantOfVisit, type Visit, visitSchema } from './visitOf';

/** Visits that are kept of a person in a tenant. */
export const MAX_VISITS = 10;

/** The namespace that belongs to everybody. */
const SHARED_NAMESPACE = 'default';

/**
 * What a person looked at lately, kept in this browser alone. A person is one in one
 * tenant (`user:aurora/kim`), so another tenant has another list; nothing of a foreign
 * namespace enters a list either.
 */
export class VisitStore {
  static of(userRef: string, storage: Storage = window.localStorage) {
    return new VisitStore(userRef, storage);
  }

  readonly #key: string;
  readonly #tenant: string;
  readonly #storage: Storage;

  private constructor(userRef: string, storage: Storage) {
    this.#key = `portico.visits.${userRef}`;
    this.#tenant = parseEntityRef(userRef).namespace;
    this.#storage = storage;
  }

  /** The latest first. */
  list(): Visit[] {
    try {
      const visits = z
        .array(visitSchema)
        .parse(JSON.parse(this.#storage.getItem(this.#key) ?? '[]'));
      return visits
        .filter(visit => this.#isOfTenant(visit))
        .slice(0, MAX_VISITS);
    } catch {
      // Somebody else wrote there, or an older release: it is only a convenience.
      return [];
    }
  }

  add(visit: Omit<Visit, 'at'>, at: Date = new Date()): void {
    if (!this.#isOfTenant(visit)) {
      return;
    }
    const others = this.list().filter(
      other => other.ref !== visit.ref || other.page !== visit.page,
    );
    const visits = [{ ...visit, at: at.toISOString() }, ...others];
    try {
      this.#storage.setItem(
        this.#key,
        JSON.stringify(visits.slice(0, MAX_VISITS)),
      );
    } catch {
      // The storage is full or switched off.
    }
  }

  clear(): void {
    this.#storage.removeItem(this.#key);
  }

  #isOfTenant(visit: Pick<Visit, 'ref'>): boolean {
    return [this.#tenant, SHARED_NAMESPACE].includes(tenantOfVisit(visit));
  }
}
