import type { TensorBranch, TensorTree } from "@dmrec/core";
import * as tf from "@tensorflow/tfjs-core";

/** All tensors of a tree by full name. */
export function tensorsByName(tree: TensorBranch): ReadonlyMap<string, tf.Tensor> {
  const tensors = new Map<string, tf.Tensor>();
  mapTensors(tree, (tensor, name) => {
    tensors.set(name, tensor);
    return tensor;
  });
  return tensors;
}

/** The same tree with another tensor for each one. */
export function mapTensors(
  tree: TensorBranch,
  map: (tensor: tf.Tensor, name: string) => tf.Tensor,
): TensorBranch {
  return mapBranch(tree, map, []);
}

function mapBranch(branch: TensorBranch, map: MapTensor, path: readonly string[]): TensorBranch {
  const entries = Object.entries(branch).map(
    ([name, node]) => [name, node === undefined ? undefined : mapNode(node, map, [...path, name])] as const,
  );
  return Object.fromEntries(entries);
}

type MapTensor = (tensor: tf.Tensor, name: string) => tf.Tensor;

function mapNode(node: TensorTree, map: MapTensor, path: readonly string[]): TensorTree {
  if (node instanceof tf.Tensor) return map(node, path.join("."));
  if (isList(node)) return node.map((child, index) => mapNode(child, map, [...path, String(index)]));
  return mapBranch(node, map, path);
}

function isList(node: readonly TensorTree[] | TensorBranch): node is readonly TensorTree[] {
  return Array.isArray(node);
}
