# SPDX-License-Identifier: Apache-2.0
# The Moddable SDK's make fragment for ESP32 (8.2.3), and one more folder where ESP-IDF looks for components. The SDK
# has no property of a manifest for a component that is neither in ESP-IDF nor in its registry.
include $(MODDABLE)/tools/mcconfig/make.esp32.mk

IDF_BUILD_OPTIONS += -D EXTRA_COMPONENT_DIRS=$(LATCHKEY_NATIVE_COMPONENT)
