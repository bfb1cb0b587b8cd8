import type { InterfaceRule, SysctlRule } from '../policy/policy.ts';
import type { Predict, Prediction } from '../prediction.ts';
import type { BootWrites, Write } from './boot-writes.ts';
import { CONF_DEFAULTS, GLOBAL_DEFAULTS } from './kernel-defaults.ts';

/** Where the name stands in `net/<family>/conf/<name>/<sysctl>`. */
const NAME = 3;

/**
 * Takes what is written at a boot, returns what predicts sysctls by it; that throws nothing. An interface that no line
 * reaches has the value of `default`, because it appears after the writing; `lo` is there before and keeps the kernel's
 * own. Predictions are kept for the names of the last call for a sysctl, so that only new interfaces cost anything, and
 * none is kept that is gone.
 */
export function predictor(writes: BootWrites): Predict {
  const kept = new Map<string, ReadonlyMap<string, Prediction>>();
  return (rule, names) => {
    if (rule.combine === undefined) return [predictGlobal(writes, rule)];
    const sysctl = `${rule.family}/${rule.sysctl}`;
    const before = kept.get(sysctl);
    const predict = predictsNames(writes, rule);
    const now = new Map<string, Prediction>();
    const predictions = names.map((name) => {
      const key = name.toString('latin1');
      const prediction = before?.get(key) ?? predict(key);
      now.set(key, prediction);
      return prediction;
    });
    kept.set(sysctl, now);
    return predictions;
  };
}

function predictGlobal(writes: BootWrites, { directory, sysctl }: SysctlRule & { directory: string }): Prediction {
  const path = `${directory}/${sysctl}`;
  const write = writes.last(path.split('/'));
  return write ? written(write) : kernelDefault(GLOBAL_DEFAULTS.get(path));
}

function predictsNames(writes: BootWrites, { family, sysctl }: InterfaceRule): (name: string) => Prediction {
  const lastWrite = writes.along(['net', family, 'conf', '*', sysctl], NAME);
  const defaults = CONF_DEFAULTS[family].get(sysctl);
  const byDefault = lastWrite('default');
  const others = byDefault ? { ...written(byDefault), origin: 'inherited' as const } : kernelDefault(defaults?.default);
  return (name) => {
    const write = lastWrite(name);
    if (write) return written(write);
    if (name === 'all') return kernelDefault(defaults?.all);
    return name === 'lo' || name === 'default' ? kernelDefault(defaults?.default) : others;
  };
}

function written({ value, isGlob, file, line }: Write): Prediction {
  return { value, origin: isGlob ? 'glob' : 'explicit', file, line };
}

function kernelDefault(value: number | undefined): Prediction {
  return { value, origin: 'kernel_default', file: '', line: undefined };
}
