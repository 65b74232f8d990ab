using Recurrent.Examples.Transfer;

return TransferApp.Run(args, Console.Out, Console.Error);
