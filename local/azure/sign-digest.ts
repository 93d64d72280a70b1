// ECDSA over a digest that is there already, which Node's own `sign` cannot: it hashes what it is given (FIPS 186-5, section 6.4.1).
import { createECDH, randomBytes } from "node:crypto";

/** Order of the group of P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function bytesOf(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

/** By Fermat: the order is a prime. */
function inverse(value: bigint): bigint {
  let [result, base] = [1n, value % order];
  for (let exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

/** @param privateKey the 32 bytes `d`. @returns r and s, 64 bytes */
export function signDigest(privateKey: Uint8Array, digest: Uint8Array): Buffer {
  for (;;) {
    const secret = randomBytes(32);
    const k = numberOf(secret);
    if (k === 0n || k >= order) continue;
    const ecdh = createECDH("prime256v1");
    ecdh.setPrivateKey(secret);
    const r = numberOf(ecdh.getPublicKey().subarray(1, 33)) % order;
    const s = (inverse(k) * (numberOf(digest) + r * numberOf(privateKey))) % order;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytesOf(r), bytesOf(s)]);
  }
}
