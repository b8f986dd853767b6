import { z } from 'zod';

const progressSchema = z.object({
  done: z.array(z.string().max(100)).max(100),
  hidden: z.boolean(),
});

/** How far a person is with the reading path. */
export type Progress = z.infer<typeof progressSchema>;

/** Keeps how far a person in a tenant is with the reading path, in this browser. */
export class ReadingProgress {
  static of(userRef: string, storage: Storage = window.localStorage) {
    return new ReadingProgress(`portico.reading.${userRef}`, storage);
  }

  private constructor(
    private readonly key: string,
    private readonly storage: Storage,
  ) {}

  read(): Progress {
    try {
      return progressSchema.parse(
        JSON.parse(this.storage.getItem(this.key) ?? ''),
      );
    } catch {
      return { done: [], hidden: false };
    }
  }

  write(progress: Progress): void {
    try {
      this.storage.setItem(this.key, JSON.stringify(progress));
    } catch {
      // The storage is full or switched off.
    }
  }
}
