import { z } from "zod";

/**
 * Hyper-parameters that every training shares. Names and meanings are those of Transformers' `TrainingArguments`
 * and PEFT's `LoraConfig`; each default is noted where it differs from theirs.
 */
export const trainingSettingShape = {
  /** Peak learning rate after warm-up. */
  learning_rate: z.number().positive(),
  /** Optimiser steps; −1 = as many as `num_train_epochs` gives. */
  max_steps: z.int().default(-1),
  num_train_epochs: z.number().positive().default(1),
  per_device_train_batch_size: z.int().positive().default(8),
  gradient_accumulation_steps: z.int().positive().default(1),
  lr_scheduler_type: z.enum(["linear", "cosine", "constant", "constant_with_warmup", "cosine_with_min_lr"]).default("cosine"),
  warmup_steps: z.int().nonnegative().default(10),
  weight_decay: z.number().nonnegative().default(0),
  adam_beta1: z.number().gt(0).lt(1).default(0.9),
  adam_beta2: z.number().gt(0).lt(1).default(0.999),
  max_grad_norm: z.number().positive().default(1),
  /** Longest sequence in tokens; longer ones are truncated. */
  max_length: z.int().positive().default(1024),
  gradient_checkpointing: z.boolean().default(false),
  /** LoRA rank; null = full fine-tuning. */
  peft_r: z.int().positive().nullable().default(null),
  /** LoRA scaling; null = 2 × rank. */
  peft_lora_alpha: z.number().positive().nullable().default(null),
  peft_lora_dropout: z.number().min(0).lt(1).default(0),
} as const;
