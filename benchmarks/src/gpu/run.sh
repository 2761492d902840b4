#!/usr/bin/env bash
# Checks and times the GPU path on a machine with a driver and nothing else. The last line is JSON; flags go to the script.
# Does the card not start ("Failed to get a WebGPU adapter")? NVIDIA's driver needs libEGL, libGLX and libglvnd of the system:
# Debian's libegl1 libglvnd0 libopengl0 libgl1 libglx0 libgles2, unpacked by `dpkg -x FILE /` and followed by `ldconfig`.
set -euo pipefail
cd "$(dirname "$0")"
export LD_LIBRARY_PATH="$PWD/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/tmp}"
if [[ -z "${VK_DRIVER_FILES:-}" ]]; then
  for file in /usr/share/vulkan/icd.d/nvidia_icd.json /etc/vulkan/icd.d/nvidia_icd.json /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json; do
    [[ -e "$file" ]] && export VK_DRIVER_FILES="$file" && break
  done
fi
exec ./node --max-old-space-size=8192 ./gpu-machine.cjs "$@"
