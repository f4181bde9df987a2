/**
 * An account as a template that deploys it to AWS.
 * @module
 */
export { type CloudFormationTemplate, cloudFormationTemplate } from "./cloudformation.js";
export { type Deployment, planDeployment } from "./deployment.js";
export { type TerraformConfiguration, terraformConfiguration } from "./terraform.js";
