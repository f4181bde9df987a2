/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ESP-IDF's rollback of a firmware that was booted after an update and not confirmed (slots-ota.ts).
 */
#include "xsmc.h"
#include "xsHost.h"
#include "app_update/include/esp_ota_ops.h"

static bool is_on_trial(void)
{
	esp_ota_img_states_t state;
	const esp_partition_t *running = esp_ota_get_running_partition();
	return running != NULL && esp_ota_get_state_partition(running, &state) == ESP_OK
		&& state == ESP_OTA_IMG_PENDING_VERIFY;
}

void xs_ota_is_on_trial(xsMachine *the)
{
	xsmcSetBoolean(xsResult, is_on_trial());
}

void xs_ota_confirm(xsMachine *the)
{
	if (esp_ota_mark_app_valid_cancel_rollback() != ESP_OK)
		xsUnknownError("the image cannot be confirmed");
}

void xs_ota_roll_back(xsMachine *the)
{
	/* Comes back only where it cannot. */
	esp_ota_mark_app_invalid_rollback_and_reboot();
	xsUnknownError("no other image could run");
}
