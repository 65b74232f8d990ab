using Recurrent.Examples.Modalities;

return ModalitiesApp.Run(args, Console.Out, Console.Error);
