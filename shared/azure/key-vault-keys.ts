/**
 * The public halves of a Key Vault key: which version has which id, and which of them count.
 *
 * A signature names its public key. One that we do not know may be of a version made a moment ago, or a stranger's: the versions are
 * listed, at most every ten seconds, and once for all who ask meanwhile. Until a listing has begun after the id was first met
 * the answer is "later", never "no": a plan that the next version signed must not be taken for a forgery.
 */
import type { KeyObject } from "node:crypto";
import pLimit from "p-limit";
import { describeError, RetryableError } from "../domain/errors.ts";
import { publicKeyId } from "../domain/signature.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { KeyVault, KeyVersion } from "./key-vault.ts";

const listedEveryMs = 10_000;
/** So long a version that was disabled in the vault may still count here. */
const knownForMs = 3600_000;
const checkedAgainMs = 60_000;
/** Ids that nobody knew; a stranger can make up as many as they like. */
const idsRemembered = 1_000;
const readAtOnce = 4;

interface KnownKey {
  /** as the vault names it */
  readonly version: string;
  /** as signatures name it */
  readonly id: string;
  readonly key: KeyObject;
}

/** The enabled versions of the key that we have met. A class, because a listing changes all of this at once. */
export class VaultKeys {
  readonly #vault: KeyVault;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** by version; null: not one that our signatures can be of */
  readonly #versions = new Map<string, KnownKey | null>();
  #signing: string;
  /** reads of single versions that are under way, by version */
  readonly #reading = new Map<string, Promise<KnownKey | null>>();
  #listing: Promise<void> | null = null;
  /** epoch ms at which the last listing began, and the last one that ended well; the first key stands for none */
  #triedAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  /** epoch ms of the last look at what is enabled */
  #checkedAt: number;
  /** when an id that no key has was first met, epoch ms, oldest first */
  readonly #strangers = new Map<string, number>();

  constructor(
    vault: KeyVault,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
    first: KeyVersion,
  ) {
    this.#vault = vault;
    this.#clock = clock;
    this.#logger = logger;
    this.#checkedAt = clock.now();
    this.#signing = first.version;
    this.#add(first);
  }

  /** Of the version that has just signed: it is the newest, whatever we knew. */
  async ofVersion(version: string): Promise<KnownKey> {
    const found = this.#versions.get(version) ?? (await this.#read(version));
    if (found === null)
      throw new RetryableError(`version ${version} of the key is no EC P-256`, { code: "key-vault-wrong" });
    this.#signing = version;
    return found;
  }

  /** Null: no enabled version has this id. Throws RetryableError where that cannot be said yet. */
  async named(id: string): Promise<KeyObject | null> {
    const known = this.#find(id);
    if (known !== null) {
      this.#checkInBackground();
      return known;
    }
    const now = this.#clock.now();
    const since = this.#strangers.get(id) ?? this.#meet(id, now);
    if (this.#listedAt < since) await this.#list();
    const found = this.#find(id);
    if (found === null && this.#listedAt < since) throw notYet(this.#triedAt + listedEveryMs - now);
    return found;
  }

  /** The one that signs first. */
  async all(): Promise<readonly KnownKey[]> {
    if (this.#clock.now() - this.#listedAt > knownForMs) await this.#list();
    return this.#known().toSorted((a, b) => Number(b.version === this.#signing) - Number(a.version === this.#signing));
  }

  #find(id: string): KeyObject | null {
    return this.#known().find((one) => one.id === id)?.key ?? null;
  }

  #known(): readonly KnownKey[] {
    return [...this.#versions.values()].filter((one) => one !== null);
  }

  #meet(id: string, now: number): number {
    const [oldest] = this.#strangers.keys();
    if (oldest !== undefined && this.#strangers.size >= idsRemembered) this.#strangers.delete(oldest);
    this.#strangers.set(id, now);
    return now;
  }

  #add({ version, publicKey }: KeyVersion): KnownKey | null {
    const one = publicKey === null ? null : { version, id: publicKeyId(publicKey), key: publicKey };
    this.#versions.set(version, one);
    return one;
  }

  /** One call for all who ask for the same version at the same time. */
  #read(version: string): Promise<KnownKey | null> {
    const reading =
      this.#reading.get(version) ??
      this.#vault
        .get(version)
        .then((found) => this.#add(found))
        .finally(() => this.#reading.delete(version));
    this.#reading.set(version, reading);
    return reading;
  }

  /** One listing for all who ask meanwhile. Throws RetryableError when the last one is too young. */
  #list(): Promise<void> {
    if (this.#listing !== null) return this.#listing;
    const now = this.#clock.now();
    const waitMs = this.#triedAt + listedEveryMs - now;
    if (waitMs > 0) return Promise.reject(notYet(waitMs));
    this.#triedAt = now;
    this.#checkedAt = now;
    this.#listing = this.#listNow(now).finally(() => {
      this.#listing = null;
    });
    return this.#listing;
  }

  async #listNow(startedAt: number): Promise<void> {
    const before = [...this.#versions.keys()];
    const enabled = (await this.#vault.versions()).filter((one) => one.enabled).map(({ version }) => version);
    const limit = pLimit(readAtOnce);
    const fresh = enabled.filter((version) => !this.#versions.has(version));
    await Promise.all(fresh.map((version) => limit(() => this.#read(version))));
    for (const version of before) if (!enabled.includes(version)) this.#versions.delete(version);
    this.#listedAt = startedAt;
  }

  /** What was disabled must not count for ever; nobody waits for that. */
  #checkInBackground(): void {
    if (this.#clock.now() - this.#checkedAt <= knownForMs) return;
    this.#list().catch((error: unknown) => {
      this.#checkedAt = this.#clock.now() - knownForMs + checkedAgainMs;
      this.#logger.warn("The versions of the signing key could not be listed; those known go on to count", {
        error: describeError(error),
      });
    });
  }
}

function notYet(retryAfterMs: number): RetryableError {
  const message =
    "a signature names a key that is not known yet; the versions of the signing key are listed again soon";
  return new RetryableError(message, { code: "signing-key-unknown", retryAfterMs: Math.max(1_000, retryAfterMs) });
}
