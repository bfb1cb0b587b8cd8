export * from '../posture/yaml-place.ts';
