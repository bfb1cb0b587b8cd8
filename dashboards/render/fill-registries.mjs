/** Properties of fields that the boards set for a kind of panel only. */
const CUSTOM = ['width', 'align', 'cellOptions', 'filterable', 'inspect', 'lineWidth', 'fillOpacity'];

/**
 * Fills the registries of Grafana's library as its application does when it starts: with its own transformations, and its own ways of
 * taking over the properties that the boards set. Takes @grafana/data; once.
 */
export function fillRegistries(grafana) {
  const { standardTransformers, standardTransformersRegistry, standardFieldConfigEditorRegistry } = grafana;
  // Some stand there under two names.
  const byId = new Map(
    Object.values(standardTransformers).map((transformation) => [transformation.id, transformation]),
  );
  standardTransformersRegistry.setInit(() =>
    [...byId].map(([id, transformation]) => ({ id, name: id, transformation: async () => transformation })),
  );
  standardFieldConfigEditorRegistry.setInit(() => [
    ...Object.entries(standardProperties(grafana)).map(([id, process]) => property(id, process)),
    ...CUSTOM.map((id) => ({ ...property(id, grafana.identityOverrideProcessor), id: `custom.${id}`, isCustom: true })),
  ]);
}

function standardProperties(grafana) {
  return {
    unit: grafana.unitOverrideProcessor,
    min: grafana.numberOverrideProcessor,
    max: grafana.numberOverrideProcessor,
    decimals: grafana.numberOverrideProcessor,
    noValue: grafana.displayNameOverrideProcessor,
    mappings: grafana.valueMappingsOverrideProcessor,
    thresholds: grafana.thresholdsOverrideProcessor,
    color: grafana.identityOverrideProcessor,
    links: grafana.identityOverrideProcessor,
  };
}

function property(id, process) {
  return { id, path: id, name: id, process, settings: {}, shouldApply: () => true };
}
