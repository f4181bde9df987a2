/**
 * The function behind a template's `Custom::DefaultAuthorizer`: CloudFormation has no resource for the default authorizer
 * of an account (AWS CloudFormation User Guide, "Custom resource request objects").
 * @module
 */

/** CommonJS for AWS Lambda; the AWS SDK for JavaScript v3 is part of its Node.js runtimes. */
export const DEFAULT_AUTHORIZER_HANDLER = `"use strict";
const iot = require("@aws-sdk/client-iot");
const client = new iot.IoTClient({});

async function set(authorizerName) {
  try {
    await client.send(new iot.SetDefaultAuthorizerCommand({ authorizerName }));
  } catch (error) {
    if (error.name !== "ResourceAlreadyExistsException") throw error; // It is the default already.
  }
}

async function clear(authorizerName) {
  try {
    const { authorizerDescription } = await client.send(new iot.DescribeDefaultAuthorizerCommand({}));
    if (authorizerDescription?.authorizerName !== authorizerName) return;
    await client.send(new iot.ClearDefaultAuthorizerCommand({}));
  } catch (error) {
    if (error.name !== "ResourceNotFoundException") throw error; // There is none.
  }
}

exports.handler = async (event) => {
  const { AuthorizerName } = event.ResourceProperties;
  const answer = {
    Status: "SUCCESS",
    PhysicalResourceId: AuthorizerName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  try {
    await (event.RequestType === "Delete" ? clear(AuthorizerName) : set(AuthorizerName));
  } catch (error) {
    answer.Status = "FAILED";
    answer.Reason = error.name + ": " + error.message;
  }
  await fetch(event.ResponseURL, { method: "PUT", body: JSON.stringify(answer) });
};
`;
