// The real program, for one test file: on a folder of mails that `port25 import` took in, or its demo.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env.PORT25 ?? new URL("../../target/debug/port25", import.meta.url).pathname;
// For a machine under load; as a rule it is there in a second.
const START = 60_000;
const ENV = { ...process.env, USER: "ann", OWN_ADDRESSES: "net-ops@corp.example" };

/** `port25 serve` with these mails; it knows a token of each scope. */
export const serve = async (mails = []) => {
  const folder = mkdtempSync(join(tmpdir(), "port25-browser-"));
  const data = join(folder, "data");
  if (mails.length > 0) {
    const files = join(folder, "mails");
    mkdirSync(files);
    mails.forEach((mail, n) => writeFileSync(join(files, `${String(n).padStart(4, "0")}.eml`), mail, "latin1"));
    execFileSync(PROGRAM, ["import", "--data", data, files], { env: ENV, stdio: ["ignore", "ignore", "inherit"] });
  }
  const [read, write] = ["read", "write"].map((scope) => token(data, scope));
  const tracker = await run(["serve", "--data", data, "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0"], folder);
  return { ...tracker, tokens: { read, write } };
};

/** `port25 demo`, with so many seconds between two scenes. */
export const demo = (pause) => run(["demo", "--pause", String(pause)], mkdtempSync(join(tmpdir(), "port25-browser-")));

/** A new token, or nothing where the program cannot make one. */
const token = (data, scope) => {
  const args = ["token", "add", `browser ${scope}`, "--scope", scope, "--data", data];
  const said = spawnSync(PROGRAM, args, { env: ENV, encoding: "utf8" });
  return said.stdout?.match(/p25[rw]_[\w-]{43}/)?.[0];
};

const run = async (args, folder) => {
  const child = spawn(PROGRAM, args, { env: ENV, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const link = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no login link within ${START} ms:\n${said}`)), START);
    const read = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+\/login\?code=\S+/);
      // The whole line, not the first half of a code.
      if (found && said.indexOf("\n", found.index) > 0) {
        clearTimeout(late);
        resolve(found[0]);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    ended.then((code) => reject(new Error(`it ended with ${code}:\n${said}`)));
  });
  const smtp = said.match(/smtp:\/\/127\.0\.0\.1:(\d+)/)?.[1];
  return {
    link,
    home: `${new URL(link).origin}/`,
    said: () => said,
    send: (mail) => send(Number(smtp), mail),
    stop: async () => {
      child.kill("SIGINT");
      const hard = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await ended;
      clearTimeout(hard);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Hands a mail over by SMTP. */
const send = (port, mail) =>
  new Promise((resolve, reject) => {
    const lines = ["EHLO test.example", "MAIL FROM:<b@bounces.amazon.com>", "RCPT TO:<port25@track.corp.example>", "DATA", `${mail}\r\n.`, "QUIT"];
    const socket = connect(port, "127.0.0.1");
    let before = "";
    socket.on("data", (chunk) => {
      before += chunk;
      // An answer ends with a line that has a space behind its code.
      if (!/^\d{3} .*\r\n$/m.test(before)) return;
      if (/^[45]/.test(before)) reject(new Error(before));
      before = "";
      const line = lines.shift();
      if (line) socket.write(`${line}\r\n`);
      else socket.end();
    });
    socket.on("close", resolve);
    socket.on("error", reject);
  });
