import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runProgram } from '../e2e/exporter.ts';
import { describeReal, OTHER_USER } from '../e2e/required.ts';
import { event, type ScanReport } from '../e2e/scan-process.ts';
import { makeDirectory } from '../e2e/tools.ts';

describeReal('scan as a user without rights', { root: true, otherUser: true }, () => {
  it('says what it may not read, and reads the rest', async () => {
    const directory = makeDirectory();
    writeFileSync(`${directory}/secret.log`, event(1), { mode: 0o600 });
    writeFileSync(`${directory}/open.log`, event(2));
    const { code, stdout, stderr } = await runProgram(
      ['scan', '--format=json', `${directory}/secret.log`, `${directory}/open.log`],
      OTHER_USER,
    );
    expect(code).toBe(1);
    expect(stderr).toBe(
      `srcroute-exporter: Cannot read ${directory}/secret.log: permission denied: be a member of the group that owns it (adm on Debian and Ubuntu), or root\n`,
    );
    expect((JSON.parse(stdout) as ScanReport).events[2]?.total).toBe(1);
  });
});

describeReal('scan of the device', { root: true, kmsg: true }, () => {
  it('reads what is in the ring and ends', async () => {
    const { code, stdout } = await runProgram(['scan', '--format=json', '/dev/kmsg']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as ScanReport).records).toBeGreaterThan(0);
  });
});
